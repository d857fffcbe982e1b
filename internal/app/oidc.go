package app

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/sekisho/sekisho/internal/gate/identities"
)

// OIDCSettings name the identity provider through which people may sign in to
// the console; without an issuer there is none.
type OIDCSettings struct {
	Issuer     string   `toml:"issuer"`
	ClientID   string   `toml:"client_id"`
	SecretFile string   `toml:"secret_file"` // holds the client's secret; empty for a public client
	Name       string   `toml:"name"`        // as the sign-in page calls it
	RequireAMR []string `toml:"require_amr"` // every one of these must stand in the token (RFC 8176)
	RequireACR []string `toml:"require_acr"` // one of these
}

const maxSecret = 4 << 10

// of gives the room's settings; the provider sends people back to origin.
func (s OIDCSettings) of(origin string) (identities.Settings, error) {
	out := identities.Settings{Issuer: s.Issuer, ClientID: s.ClientID, Name: s.Name, AMR: s.RequireAMR, ACR: s.RequireACR}
	if s.Issuer == "" {
		return out, nil
	}
	if origin != "" {
		out.Redirect = origin + "/oidc"
	}
	if s.SecretFile != "" {
		b, err := os.ReadFile(s.SecretFile)
		if err != nil {
			return out, fmt.Errorf("oidc.secret_file: %w", err)
		}
		if out.Secret = strings.TrimSpace(string(b)); out.Secret == "" || len(b) > maxSecret {
			return out, errors.New("oidc.secret_file must hold the client's secret and nothing else")
		}
	}
	return out, out.Check()
}

// identify makes the room that knows who people are at the provider.
func (h *House) identify() error {
	s, err := h.settings.OIDC.of(h.settings.Console.Origin)
	if err != nil {
		return errSettings.Because(err)
	}
	h.identities, err = identities.New(h.db, h.clock, h.log, h.people, s)
	return err
}
