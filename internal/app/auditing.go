package app

import (
	"os"

	"github.com/sekisho/sekisho/internal/foundation/searches"
	"github.com/sekisho/sekisho/internal/foundation/siem"
	"github.com/sekisho/sekisho/internal/gate/reports"
)

// SIEMSettings say where the audit log is passed on to; without an address it is not.
type SIEMSettings struct {
	Address string `toml:"address"` // host:port of a receiver of syslog over TLS
	Format  string `toml:"format"`  // "rfc5424" or "ocsf"
	CA      string `toml:"ca"`      // PEM file of the receiver's authority
	Name    string `toml:"name"`    // that its certificate bears; default: the address's host
	Cert    string `toml:"cert"`    // PEM files of our own, where the receiver asks for them
	Key     string `toml:"key"`
}

// of is the settings as the room takes them; host is our own name in the messages.
func (s SIEMSettings) of(host string) siem.Settings {
	return siem.Settings{Address: s.Address, Format: s.Format, CA: s.CA, Name: s.Name, Cert: s.Cert, Key: s.Key, Host: host}
}

// auditing makes the rooms by which the log and the centre are looked at from outside.
func (h *House) auditing() (err error) {
	h.searches = searches.New(h.db, h.clock, h.log)
	host, err := os.Hostname()
	if err != nil {
		return err
	}
	if h.siem, err = siem.New(h.db, h.clock, h.log, h.settings.SIEM.of(host)); err != nil {
		return errSettings.Because(err)
	}
	c := h.settings.Centre
	h.reports = reports.New(h.db, h.clock, h.log, h.clients, reports.Centre{Name: c.Name, Responsible: c.Responsible, Contact: c.Contact}, h.sections()...)
	return nil
}

// sections are the sources of the report, in its order.
func (h *House) sections() []reports.Source {
	p := parts{h.clients, h.clock}
	return []reports.Source{
		peopleSection{h.people, p}, devicesSection{h.devices, p}, postureSection{h.posture, h.devices, p},
		trainingSection{h.training, h.people, p, "training"}, trainingSection{h.training, h.people, p, "rules"},
		incidentsSection{h.presence, p}, revocationSection{h.log, p}, accessSection{h.log}, logSection{h.log, h.siem},
	}
}
