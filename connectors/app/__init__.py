"""The app and web channel: JSON API, WebSocket and the chat page."""
