package trunks

import (
	"strings"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
)

// authorize answers a digest challenge (RFC 8760): the strongest that is offered.
func authorize(res *sip.Response, k *known, method sip.RequestMethod, uri string) (h [2]string, ok bool) {
	if k.secret == "" {
		return h, false
	}
	name, answer := "WWW-Authenticate", "Authorization"
	if res.StatusCode == 407 {
		name, answer = "Proxy-Authenticate", "Proxy-Authorization"
	}
	var best *digest.Challenge
	for _, one := range res.GetHeaders(name) {
		c, err := digest.ParseChallenge(one.Value())
		if err != nil || len(one.Value()) > 4*maxValue || !digest.CanDigest(c) {
			continue
		}
		if best == nil || strings.HasPrefix(strings.ToUpper(c.Algorithm), "SHA") {
			best = c
		}
	}
	if best == nil {
		return h, false
	}
	c, err := digest.Digest(best, digest.Options{Method: string(method), URI: uri, Username: k.User, Password: k.secret, Count: 1})
	if err != nil || strings.ContainsAny(c.String(), "\r\n") {
		return h, false
	}
	return [2]string{answer, c.String()}, true
}
