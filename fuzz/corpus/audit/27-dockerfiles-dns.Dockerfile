FROM unbound
EXPOSE 53/udp 53/tcp
expose 6379/udp
