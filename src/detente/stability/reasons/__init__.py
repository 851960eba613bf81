"""Why a party stays or leaves, in moves and gains."""
