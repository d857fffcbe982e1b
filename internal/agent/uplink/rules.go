package uplink

import (
	"context"
	"net/http"
	"net/url"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// maxDocument bounds a rule document with its difference, in both languages.
const maxDocument = 512 << 10

// errRead is for a page that shows another version than the server has.
var errRead = sekisho.Fail(sekisho.KindConflict, "rules.version")

// Acknowledge signs for a version of a rule document. What is signed is the
// digest of the text that the server gives this agent now, never one that a page names.
func (c *Connection) Acknowledge(ctx context.Context, p sekisho.PersonID, a wire.LocalAcknowledge) error {
	if a.Language != "ja" && a.Language != "en" {
		return ErrAnswer
	}
	res, err := c.Do(ctx, http.MethodGet, deskPrefix+"training/documents/"+url.PathEscape(string(a.Document)), http.Header{"Accept": {"application/json"}}, nil)
	if err != nil {
		return err
	}
	var read wire.RuleDocument
	if err := readUpTo(maxDocument, res, &read); err != nil {
		return err
	}
	if read.Document.ID != a.Document || read.Document.Version != a.Version {
		return errRead
	}
	return c.Ask(ctx, http.MethodPost, "acknowledgements", wire.SignWith(c.lease, wire.DomainRules, wire.Acknowledgement{
		Connection: c.ID, Person: p, Document: a.Document, Version: a.Version, Language: a.Language, Digest: wire.RuleDigest(read.Body.In(a.Language)),
	}), nil)
}
