package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/sekisho/sekisho/test/centre"
)

type incident struct {
	ID       string `json:"id"`
	State    string `json:"state"`
	Evidence string `json:"evidence"`
	Bundles  []struct {
		Hash string `json:"hash"`
	} `json:"bundles"`
}

// arrived finds an incident whose evidence has arrived.
func arrived(ctx context.Context, officer *centre.Console) (i incident, err error) {
	deadline := time.Now().Add(60 * time.Second)
	for {
		var list struct {
			Incidents []incident `json:"incidents"`
		}
		if err := officer.Get(ctx, "incidents", &list); err != nil {
			return i, err
		}
		for _, x := range list.Incidents {
			if x.Evidence == "arrived" {
				return i, errors.Join(officer.Get(ctx, "incidents/"+x.ID, &i), ctx.Err())
			}
		}
		if time.Now().After(deadline) {
			return i, fmt.Errorf("of %d incidents none has its evidence", len(list.Incidents))
		}
		select {
		case <-ctx.Done():
			return i, ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// officers fetch one sealed record and open it with both shares, as they would
// on machines of their own.
func (t *tour) officers(ctx context.Context) (string, error) {
	officer, err := t.c.As(ctx, "officer1")
	if err != nil {
		return "", err
	}
	i, err := arrived(ctx, officer)
	if err != nil {
		return "", err
	}
	if len(i.Bundles) == 0 {
		return "", errors.New("the officer sees no bundle")
	}
	var sealed []byte
	if err := officer.Get(ctx, "evidence/"+i.Bundles[0].Hash+"?reason=tour", &sealed); err != nil {
		return "", err
	}
	dir := filepath.Join(t.dir, "officers")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	record, share, out := filepath.Join(dir, "record.sealed"), filepath.Join(dir, "share-1"), filepath.Join(dir, "opened")
	if err := os.WriteFile(record, sealed, 0o600); err != nil {
		return "", err
	}
	keys := t.c.Seeded.OfficerKeys
	if _, err := t.c.CLI(ctx, "evidence", "open", record, "--key", keys[0], "--out", out); err == nil {
		return "", errors.New("one officer alone opened the record")
	}
	public, err := centre.OfficerPublic(t.c.Seeded.Roster, 1)
	if err != nil {
		return "", err
	}
	if _, err := t.c.CLI(ctx, "evidence", "share", record, "--key", keys[0], "--to", public, "--out", share); err != nil {
		return "", err
	}
	said, err := t.c.CLI(ctx, "evidence", "open", record, "--key", keys[1], "--share", share, "--out", out)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s: %s; one alone could not", i.State, strings.Join(strings.Fields(strings.SplitN(said, "\n", 2)[0]), " ")), nil
}

// audit exports the log, verifies the export away from the server, and proves one entry.
func (t *tour) audit(ctx context.Context) (string, error) {
	pin, err := t.c.CLI(ctx, "audit", "pin")
	if err != nil {
		return "", err
	}
	pinFile, export := filepath.Join(t.dir, "pin"), filepath.Join(t.dir, "log.zip")
	if err := os.WriteFile(pinFile, []byte(pin), 0o600); err != nil {
		return "", err
	}
	key, err := t.c.CLI(ctx, "audit", "key")
	if err != nil {
		return "", err
	}
	if _, err := t.c.CLI(ctx, "audit", "export", export); err != nil {
		return "", err
	}
	said, err := t.c.CLI(ctx, "audit", "verify", export, "--key", strings.TrimSpace(key), "--since", pinFile)
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, said)
	}
	if _, err := t.c.CLI(ctx, "audit", "prove", "0"); err != nil {
		return "", err
	}
	for _, line := range strings.Split(said, "\n") {
		if strings.HasPrefix(line, "entries") {
			return strings.Join(strings.Fields(line)[1:2], "") + " entries, export and pin verified", nil
		}
	}
	return "verified", nil
}
