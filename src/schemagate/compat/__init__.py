"""Whether this reader can read that writer: modes decide what is asked, solve answers, explain tells why not."""
