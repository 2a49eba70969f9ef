"""Understanding Chinese: normaliser, tokenizer, entities, classifier and decision as Rasa components."""
