"""This package holds the ways people and programs reach the library other than by importing it."""
