package trunks

import (
	"net/netip"
	"strconv"
	"strings"
)

// domain is our host and port without a transport, for From.
func (t *Trunks) domain() string {
	if t.cfg.Public.Is6() {
		return "[" + t.cfg.Public.String() + "]"
	}
	return t.cfg.Public.String()
}

// here is where peers reach us by a transport.
func (t *Trunks) here(k Transport) string {
	at := t.net.at[k]
	port := at.Port()
	if !at.IsValid() { // we do not listen there: the connection that we opened is the way back
		port = t.net.at[UDP].Port()
	}
	return netip.AddrPortFrom(t.cfg.Public, port).String()
}

// sentBy is the Via of our requests, behind "SIP/2.0/".
func (t *Trunks) sentBy(k Transport) string { return strings.ToUpper(string(k)) + " " + t.here(k) }

// contact is where requests within a call find us.
func (t *Trunks) contact(d *dialog) [][2]string { return t.contactOf(d.trunk, d.way.kind) }

func (t *Trunks) contactOf(k *known, by Transport) [][2]string {
	user := "sekisho"
	if k.User != "" {
		user = k.User
	}
	uri := "<sip:" + user + "@" + t.here(by)
	if by != UDP {
		uri += ";transport=" + string(by)
	}
	return [][2]string{{"Contact", uri + ">"}}
}

// peerURI is the host of a trunk as it stands in an address of it.
func peerURI(k *known) string {
	h := k.Host
	if strings.Contains(h, ":") {
		h = "[" + h + "]"
	}
	if k.Port == 5060 && k.Transport != TLS {
		return h
	}
	return h + ":" + strconv.Itoa(int(k.Port))
}

// wayTo is where a trunk's peer listens; false if its name has no address.
func (k *known) at() (netip.AddrPort, bool) {
	if len(k.peers) == 0 {
		return netip.AddrPort{}, false
	}
	return netip.AddrPortFrom(k.peers[0], k.Port), true
}
