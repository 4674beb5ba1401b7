### fact
