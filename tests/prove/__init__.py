"""Proof that every gate can fail: errors planted in copies of the real book, each with the gate that must find it."""
