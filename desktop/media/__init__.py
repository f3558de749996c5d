"""Adapters that carry sound and pictures: the LiveKit room, audio engine, recorders."""
