"""The call: states, events, one pure machine, one actor and the room's port."""
