"""What ``make bench`` and ``make negotiate`` run: measurements, on screen and as JSON under results/."""
