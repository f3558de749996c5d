"""Camera, microphone and speaker: ports, frames and the adapters behind them."""
