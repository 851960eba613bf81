"""Three engines that find efficient outcomes and solutions, and the choice between them."""
