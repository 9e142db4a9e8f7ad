"""What an update costs on Telegram, side by side with the peers, each in a process of its own."""
