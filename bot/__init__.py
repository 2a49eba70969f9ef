"""The assistant: understanding, answers, money, the bank's ports, and Rasa embedded."""
