"""SPF records as text: their terms, one record out of several, and what one would cost."""
