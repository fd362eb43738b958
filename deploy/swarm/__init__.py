"""The stack on a Docker Swarm: what comes before `docker stack deploy`, in the order in which it must."""
