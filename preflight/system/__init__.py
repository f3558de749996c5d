"""What the operating system says of permissions, holders, mute switches and plugging in."""
