package drills

import (
	"context"
	"net/http"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/wire"
)

// record is a sealed picture of an incident that the server holds.
type record struct {
	incident sekisho.IncidentID
	name     string
	bundle   []byte
}

// record reports an incident and uploads its picture, as an agent would.
func (f *Field) record(ctx context.Context, picture []byte) (rec record, err error) {
	c, err := f.connect(ctx)
	if err != nil {
		return rec, err
	}
	defer c.Close()
	var me wire.Me
	if err := c.Call(ctx, http.MethodGet, "me", nil, &me); err != nil {
		return rec, err
	}
	rec.incident = sekisho.IncidentID(wire.NewID())
	rec.bundle, rec.name, err = c.Bundle(ctx, sealing.Manifest{
		Kind: "incident", Incident: rec.incident, Connection: c.Answer.Connection, Person: me.Person.ID, Device: me.Device.ID,
		State: sekisho.Onlooker, At: time.Now().UTC(),
	}, picture)
	if err != nil {
		return rec, err
	}
	err = c.Report(ctx, wire.IncidentReport{
		Incident: rec.incident, Person: me.Person.ID, State: sekisho.Onlooker, Faces: 2, Evidence: []string{rec.name},
	})
	if err != nil {
		return rec, err
	}
	return rec, c.Upload(ctx, rec.name, rec.bundle)
}
