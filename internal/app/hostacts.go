package app

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// rosterInstall is the host's act that puts a roster in force.
type rosterInstall struct {
	Roots  rosterRoots `json:"roots"`
	Signed wire.Bytes  `json:"signed"`
}

// hostActs is everything that the host's door does.
func (s *Server) hostActs() map[string]hostAct {
	return map[string]hostAct{
		"/setup-url": func(ctx context.Context, _ json.RawMessage) (any, error) {
			return printable(s.people.SetupURL(ctx, s.settings.Console.Origin))
		},
		"/invite":          s.inviteAct,
		"/appoint":         s.appointAct,
		"/office-rule/off": s.officeRuleOff,
		"/audit/key":       func(context.Context, json.RawMessage) (any, error) { return s.log.VerifierKey(), nil },
		"/audit/checkpoint": func(ctx context.Context, _ json.RawMessage) (any, error) {
			text, _, err := s.log.Checkpoint(ctx)
			return string(text), err
		},
		"/audit/search": func(ctx context.Context, in json.RawMessage) (any, error) {
			var f audit.Filter
			if err := json.Unmarshal(in, &f); err != nil {
				return nil, err
			}
			return s.log.Search(ctx, f)
		},
		"/audit/prove": func(ctx context.Context, in json.RawMessage) (any, error) {
			var seq int64
			if err := json.Unmarshal(in, &seq); err != nil {
				return nil, err
			}
			p, err := s.log.Prove(ctx, seq)
			if err != nil {
				return nil, err
			}
			return string(p.Marshal()), nil
		},
		"/audit/export": func(ctx context.Context, in json.RawMessage) (any, error) {
			var path string
			if err := json.Unmarshal(in, &path); err != nil || !filepath.IsAbs(path) {
				return nil, errCommand.Because(errors.Join(errors.New("export needs an absolute path"), err))
			}
			return s.exportTo(ctx, path)
		},
		"/roster/install": s.installRoster,
		"/recover/propose": func(ctx context.Context, in json.RawMessage) (any, error) {
			var reason string
			if err := json.Unmarshal(in, &reason); err != nil {
				return nil, err
			}
			return s.log.ProposeEpoch(ctx, reason)
		},
		"/recover/open": func(ctx context.Context, in json.RawMessage) (any, error) {
			var signatures []wire.Signed
			if err := json.Unmarshal(in, &signatures); err != nil {
				return nil, err
			}
			return true, s.log.OpenEpoch(ctx, signatures, s.rootKeys())
		},
	}
}

func (s *Server) exportTo(ctx context.Context, path string) (size int64, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, err
	}
	err = errors.Join(s.log.Export(ctx, f), f.Sync())
	info, statErr := f.Stat()
	if err = errors.Join(err, statErr, f.Close()); err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// installRoster writes the audit row first: it is an opening act.
func (s *Server) installRoster(ctx context.Context, in json.RawMessage) (any, error) {
	var r rosterInstall
	if err := json.Unmarshal(in, &r); err != nil {
		return nil, errRoster.Because(err)
	}
	roster, err := s.trust.Check(r.Roots, r.Signed)
	if err != nil {
		return nil, err
	}
	err = s.db.Write(ctx, func(tx storage.Tx) error {
		return s.log.Append(ctx, tx, audit.Event{
			Kind: "roster.installed", Actor: audit.Actor{Process: "cli"}, Decision: audit.Allow,
			Object: audit.Object{Type: "roster", ID: roster.Hash()},
			Detail: map[string]string{"version": fmt.Sprint(roster.Version), "officers": fmt.Sprint(len(roster.Officers))},
		})
	})
	if err != nil {
		return nil, err
	}
	return roster.Version, s.trust.Install(r.Roots, r.Signed)
}

// rootKeys are the roster roots, two of whom open a new epoch after a restore.
func (s *Server) rootKeys() []ed25519.PublicKey {
	var out []ed25519.PublicKey
	for _, k := range s.trust.Trust().RosterRoots {
		out = append(out, ed25519.PublicKey(k))
	}
	return out
}

func trimmed(b []byte) string { return strings.TrimSpace(string(bytes.TrimSpace(b))) }

func decodeKey(text string) (ed25519.PublicKey, error) {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(b) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("%.12q… is no Ed25519 public key in base64url", text)
	}
	return b, nil
}
