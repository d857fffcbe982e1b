package wire

import (
	"crypto/x509"
	"errors"
	"fmt"

	"github.com/sekisho/sekisho"
)

// tierPolicies are the certificate policies that say a PC's tier. The arc is
// 2.25.<UUID>, which anybody may use without registering (ITU-T X.667).
var tierPolicies = map[sekisho.Tier]x509.OID{
	sekisho.TierA: tierOID(1),
	sekisho.TierB: tierOID(2),
	sekisho.TierC: tierOID(3),
}

const tierArc = "2.25.135405202183448274666907469008471500865.1"

func tierOID(n int) x509.OID {
	oid, err := x509.ParseOID(fmt.Sprintf("%s.%d", tierArc, n))
	if err != nil {
		panic("wire: " + err.Error()) // a constant of ours
	}
	return oid
}

// TierPolicy is the certificate policy of a tier; none has none.
func TierPolicy(t sekisho.Tier) (x509.OID, bool) {
	oid, ok := tierPolicies[t]
	return oid, ok
}

// TierOf reads the tier from a device's certificate; none, an unknown one or two
// of them is an error.
func TierOf(cert *x509.Certificate) (sekisho.Tier, error) {
	if len(cert.Policies) != 1 {
		return sekisho.TierNone, fmt.Errorf("wire: %d policies, want one tier", len(cert.Policies))
	}
	for tier, oid := range tierPolicies {
		if oid.Equal(cert.Policies[0]) {
			return tier, nil
		}
	}
	return sekisho.TierNone, errors.New("wire: policy is no tier of ours")
}
