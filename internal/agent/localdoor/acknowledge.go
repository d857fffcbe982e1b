package localdoor

import (
	"net/http"

	"github.com/sekisho/sekisho/internal/wire"
)

// acknowledge has the agent sign for a rule document that the page shows. The
// page names it; the agent reads and signs.
func (d *Door) acknowledge(w http.ResponseWriter, r *http.Request) {
	if _, err := d.bearer(r); err != nil {
		wire.WriteProblem(w, r, err)
		return
	}
	var in wire.LocalAcknowledge
	if err := decode(w, r, &in); err != nil {
		wire.WriteProblem(w, r, err)
		return
	}
	if err := d.cfg.Agent.Acknowledge(r.Context(), in); err != nil {
		wire.WriteProblem(w, r, err)
		return
	}
	respond(w, struct{}{})
}
