"""Theme, icons, sounds, translations and the demo clip, behind one loader."""
