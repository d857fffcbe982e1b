package console

import (
	"maps"
	"slices"
	"time"

	"github.com/sekisho/sekisho"
	own "github.com/sekisho/sekisho/internal/gate/roles"
)

// Access is the door's table, for the tests that compare it with what is served.
func Access() map[string][]sekisho.Role { return access }

// May is the question that the door asks the table.
func May(route string, roles []sekisho.Role) bool { return may(route, roles) }

// Granted is what each right of an own role opens.
func Granted() map[own.Right][]string { return granted }

// Everyday and CarriedOut are for what the identity provider is enough, and which files it is not.
func Everyday() []string   { return everyday }
func CarriedOut() []string { return carriedOut }

// BuiltInOnly are the routes that no own role opens.
func BuiltInOnly() []string { return builtInOnly }

// PlainRoutes are the routes that OpenAPI does not describe.
func PlainRoutes() []string { return slices.Collect(maps.Keys((&Door{}).plain())) }

// MaxPerPerson is how many event sockets one person may hold.
const MaxPerPerson = maxPerPerson

// Recheck sets how often sockets ask for their session.
func (d *Door) Recheck(every time.Duration) { d.recheck = every }

// BodyTime sets how long a body may take.
func (d *Door) BodyTime(t time.Duration) { d.bodyTime = t }

// Heading is what a column of a table of rows is called, ja and en.
func Heading(column string) [2]string { return headings[column] }

// BodyLimits are the routes that take more than others.
func BodyLimits() []string { return slices.Sorted(maps.Keys(bodyLimits)) }

// Held is the bearer that the door keeps for a guard session.
func (d *Door) Held(id sekisho.SessionID) string { return d.held.of(id) }

// OfficeOnly are the routes that no PC's agent carries.
func OfficeOnly() []string { return officeOnly }
