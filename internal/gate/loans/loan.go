package loans

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"net/netip"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// ItemState is where an accessory is. The zero value is none and never stored.
type ItemState string

// States of an accessory.
const (
	Out     ItemState = "out"     // with the person
	Back    ItemState = "back"    // received
	Missing ItemState = "missing" // it did not come back with the PC
	Carried ItemState = "carried" // it went on with the PC that came in its place
)

// Item is one accessory.
type Item struct {
	Name  string
	State ItemState
}

// Loan is what is known of a PC that is out, or was.
type Loan struct {
	Device sekisho.DeviceID
	Items  []Item           // in the order in which they were entered
	Until  time.Time        // it is to be back before this; zero without an end
	Since  time.Time        // when this was first noted; zero if it never was
	Back   time.Time        // when it came back
	BackTo sekisho.PersonID // who received it
	Note   string           // of the return
	Card   Card
}

// Card is what is known of the newest loss card, never its secret.
type Card struct {
	Made time.Time // zero if there is none
	Used time.Time
	Over time.Time // withdrawn
}

// Return is what somebody says who receives a PC.
type Return struct {
	Back []string // accessories that came with it; all others are missing
	Note string
}

// Caller is whoever uses a loss card, without a login.
type Caller struct {
	From netip.Addr // not valid behind a proxy on the same host
	// Noted is asked before a refusal leaves its row: doors count strangers' rows.
	Noted func(error) bool
}

// Replacement is the PC that comes in the place of another, and why.
type Replacement struct {
	Tag, Model string
	Reason     string
	Lost       bool // the old one did not come back
}

const (
	maxItems = 20
	maxItem  = 40  // characters
	maxNote  = 500 // characters
	longest  = 10 * 366 * 24 * time.Hour

	secretBytes = 16
)

// itemsOf folds names of accessories, or refuses them.
func itemsOf(names []string) ([]string, error) {
	out := make([]string, 0, len(names))
	for _, n := range names {
		n = strings.TrimSpace(norm.NFKC.String(n))
		if n == "" || len(out) == maxItems || !wire.ValidText(n, maxItem) || strings.ContainsAny(n, "\r\n\t") || slices.Contains(out, n) {
			return nil, errItems
		}
		out = append(out, n)
	}
	return out, nil
}

// newSecret is what a card carries: 128 bits as 26 letters and digits.
func newSecret() string {
	b := make([]byte, secretBytes)
	_, _ = rand.Read(b) // crypto/rand never fails
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)
}

// hashOf is what is stored of a secret; it is "" for what cannot be one. People
// copy it from paper: case, blanks and hyphens do not matter.
func hashOf(secret string) string {
	if len(secret) > 64 {
		return ""
	}
	plain := strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(secret))
	if b, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(plain); err != nil || len(b) != secretBytes {
		return ""
	}
	sum := sha256.Sum256([]byte("sekisho/loss-card/v1\x00" + plain))
	return hex.EncodeToString(sum[:])
}

var (
	errItems     = sekisho.Fail(sekisho.KindInvalid, "loan.items")
	errUntil     = sekisho.Fail(sekisho.KindInvalid, "loan.until")
	errNote      = sekisho.Fail(sekisho.KindInvalid, "loan.note")
	errNotIssued = sekisho.Fail(sekisho.KindInvalid, "loan.not_issued")
	errOver      = sekisho.Fail(sekisho.KindConflict, "loan.over")
	errUnknown   = sekisho.Fail(sekisho.KindDenied, "loss.unknown")
	errUsed      = sekisho.Fail(sekisho.KindConflict, "loss.used")
	errWithdrawn = sekisho.Fail(sekisho.KindDenied, "loss.withdrawn")
	errClosed    = sekisho.Fail(sekisho.KindConflict, "loss.device_closed")
)
