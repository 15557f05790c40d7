"""The scenario language: an exchange told in plain sentences, played against the law or against real desks."""
