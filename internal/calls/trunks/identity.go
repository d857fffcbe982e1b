package trunks

import (
	"strings"

	"github.com/emiago/sipgo/sip"

	"github.com/sekisho/sekisho/internal/calls"
)

// callerOf says who calls: what the network asserts (P-Asserted-Identity, RFC 3325),
// else what the caller says of himself (From). Privacy withholds either, and so does a
// name that networks give where there is none. What is no number is nobody.
func callerOf(r *sip.Request, country string) (n calls.Number, withheld bool) {
	text := ""
	for _, h := range r.GetHeaders("P-Asserted-Identity") {
		if text = userOf(h.Value()); text != "" {
			break
		}
	}
	from := r.From()
	if text == "" && from != nil {
		text = from.Address.User
	}
	switch strings.ToLower(text) {
	case "", "anonymous", "unavailable", "restricted", "unknown", "coin", "p":
		return "", true
	}
	for _, h := range r.GetHeaders("Privacy") {
		for _, p := range strings.Split(strings.ToLower(h.Value()), ";") {
			if p = strings.TrimSpace(p); p == "id" || p == "user" || p == "header" {
				return "", true
			}
		}
	}
	if from != nil && strings.EqualFold(from.Address.Host, "anonymous.invalid") {
		return "", true
	}
	text, _, _ = strings.Cut(text, ";") // number;phone-context=+81
	n, how, err := calls.ParseNumber(text, country)
	if err != nil || how == calls.Withhold {
		return "", true
	}
	return n, false
}

// userOf is the user of an address with or without brackets, of a sip or a tel URI.
func userOf(value string) string {
	if len(value) > maxValue {
		return ""
	}
	if i := strings.IndexByte(value, '<'); i >= 0 {
		value = value[i+1:]
		if j := strings.IndexByte(value, '>'); j >= 0 {
			value = value[:j]
		}
	}
	scheme, rest, ok := strings.Cut(strings.TrimSpace(value), ":")
	if !ok {
		return ""
	}
	switch strings.ToLower(scheme) {
	case "tel":
		rest, _, _ = strings.Cut(rest, ";")
		return rest
	case "sip", "sips":
		user, _, ok := strings.Cut(rest, "@")
		if !ok {
			return ""
		}
		return user
	}
	return ""
}

// called are the places in which the number that was dialled may stand: the request's
// own address, what the network says it was (RFC 7315 §4.2), and To.
func called(r *sip.Request, country string) (out []calls.Number) {
	texts := []string{r.Recipient.User, userOf(header(r, "P-Called-Party-ID"))}
	if to := r.To(); to != nil {
		texts = append(texts, to.Address.User)
	}
	for _, text := range texts {
		text, _, _ = strings.Cut(text, ";")
		if n, _, err := calls.ParseNumber(text, country); err == nil {
			out = append(out, n)
		}
	}
	return out
}
