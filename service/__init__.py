"""The running program: settings, composition root, web app, worker, launcher, timers."""
