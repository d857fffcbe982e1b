package console

import (
	"slices"

	"github.com/sekisho/sekisho"
)

// anyone marks the few routes that answer before somebody has signed in: the
// first set-up, signing in and out, and opening an invitation.
const anyone sekisho.Role = "anyone"

// clientAuditor is the role of an auditor who belongs to a client company. The
// door gives it in place of every role that he holds, so that a route opens to
// him only where the table says so by this name; nobody is stored with it.
const clientAuditor sekisho.Role = "client_auditor"

const (
	supervisor    = sekisho.RoleSupervisor
	administrator = sekisho.RoleAdministrator
	officer       = sekisho.RoleOfficer
	auditor       = sekisho.RoleAuditor
)

// access says who may use which route, and is the only place that does. What
// does not stand here is refused. Least privilege, by what each must do:
//
//   - supervisors see the floor, close sessions, decide approvals, unlock
//     passwords, see who has which PC, permit work outside the office and close a
//     PC that was lost, learn that there was an incident and why somebody was refused
//     at the gate, and see whom to remind of training, and look at self-checks of rooms;
//   - supervisors and administrators set queues and operators' skills;
//   - administrators confirm each other's dangerous acts, name trunks, our numbers, PCs, people, clients, desktops, policies, courses and
//     rules, learn why somebody was refused at the gate, approve each other's
//     invitations, and see neither incidents nor evidence nor the floor;
//   - officers decide incidents, hold and fetch sealed records, read the log and
//     make reports;
//   - auditors read the log, the policies, the incidents, the training records and
//     the reports;
//   - auditors of a client company read that client's part of the log, of the
//     incidents, of the readiness and of the clients' files, and no other route answers them;
//   - supervisors see the telephones of their works, take part in their calls and hear
//     their recordings; administrators see telephones and keep recordings without hearing them;
//     officers and auditors hear recordings, a client company's auditor its own alone;
//   - operators have nothing to do here.
//
// Own roles open some of these routes to others, right by right (rights.go).
var access = map[string][]sekisho.Role{
	"GET /setup":                {anyone},
	"POST /setup/begin":         {anyone},
	"POST /setup/finish":        {anyone},
	"GET /session":              {anyone},
	"POST /session/demo":        {anyone},
	"GET /demo/people":          {anyone},
	"POST /session/oidc/begin":  {anyone},
	"POST /session/oidc/finish": {anyone},
	"POST /session/end":         {anyone},
	"GET /events":               {supervisor, administrator, officer, auditor, clientAuditor},
	"GET /openapi.json":         {supervisor, administrator, officer, auditor},
	"GET /policies":             {administrator, officer, auditor},
	"PUT /policies/{name}":      {administrator},

	"GET /posture/rules":         {administrator, officer, auditor},
	"PUT /posture/rules/{name}":  {administrator},
	"GET /devices/{id}/posture":  {administrator},
	"PUT /devices/{id}/place":    {administrator},
	"DELETE /devices/{id}/place": {administrator},

	"POST /session/passkey/begin":  {anyone},
	"POST /session/passkey/finish": {anyone},
	"POST /invitations/begin":      {anyone},
	"POST /invitations/finish":     {anyone},

	"POST /session/password/begin":      {anyone},
	"POST /session/password/finish":     {anyone},
	"POST /invitations/look":            {anyone},
	"POST /invitations/password/begin":  {anyone},
	"POST /invitations/password/finish": {anyone},
	"GET /passwords/locked":             {supervisor},
	"POST /passwords/{id}/unlock":       {supervisor},

	"POST /people/joiners/plan":  {administrator},
	"POST /people/joiners/apply": {administrator},
	"POST /people/leavers/plan":  {administrator},
	"POST /people/leavers/apply": {administrator},

	"GET /floor":                  {supervisor},
	"POST /floor/{id}/unlock":     {supervisor},
	"POST /sessions/{id}/close":   {supervisor},
	"GET /approvals":              {supervisor, administrator, officer}, // each those of his role, or whose deputy he is
	"GET /approvals/{id}":         {administrator},
	"POST /approvals/{id}/decide": {supervisor, administrator, officer}, // the room asks which of them, now
	"POST /approvals/bulk":        {supervisor, administrator, officer},

	"POST /witness/{id}/take":    {supervisor}, // the room asks whether it is his own
	"GET /witness/{id}":          {supervisor}, // and whose case it is
	"POST /witness/{id}/begin":   {supervisor},
	"POST /witness/{id}/confirm": {supervisor},
	"POST /witness/{id}/refuse":  {supervisor},
	"POST /witness/{id}/old":     {supervisor},
	"GET /old-faces":             {supervisor, officer},
	"POST /old-faces/{id}/ask":   {supervisor},
	"POST /old-faces/{id}/give":  {officer},

	"GET /deputies":         {supervisor, administrator, officer, auditor},
	"POST /deputies":        {supervisor},
	"DELETE /deputies/{id}": {supervisor, administrator, officer}, // the room asks whose it is

	"GET /acts":               {administrator, officer, auditor},
	"POST /acts/{id}/begin":   {administrator, officer}, // the room asks which kinds each confirms
	"POST /acts/{id}/confirm": {administrator, officer},
	"POST /acts/{id}/refuse":  {administrator, officer, auditor}, // the last his own

	"GET /devices":               {administrator},
	"POST /devices":              {administrator},
	"GET /devices/{id}":          {administrator},
	"POST /devices/{id}/code":    {administrator},
	"POST /devices/{id}/approve": {administrator},
	"POST /devices/{id}/refuse":  {administrator},
	"POST /devices/{id}/suspend": {administrator},
	"POST /devices/{id}/resume":  {administrator},
	"POST /devices/{id}/return":  {administrator},
	"POST /devices/{id}/revoke":  {administrator},

	"GET /attestation":                     {administrator, auditor}, // by what a PC's tier is judged
	"PUT /attestation":                     {administrator},
	"POST /attestation/keys":               {administrator},
	"DELETE /attestation/keys/{id}":        {administrator},
	"POST /attestation/authorities":        {administrator},
	"DELETE /attestation/authorities/{id}": {administrator},

	"GET /loans":                         {supervisor, administrator, auditor},
	"GET /loans/{id}":                    {supervisor, administrator},
	"PUT /loans/{id}":                    {administrator},
	"POST /loans/{id}/return":            {administrator},
	"POST /loans/{id}/replace":           {administrator},
	"POST /loans/{id}/card":              {administrator},
	"POST /loans/{id}/lost":              {supervisor, administrator},
	"POST /loans/{id}/received":          {supervisor, administrator},
	"POST /loans/{id}/permits":           {supervisor, administrator},
	"POST /loans/{id}/release":           {supervisor, administrator},
	"POST /permits/{id}/end":             {supervisor, administrator},
	"POST /kitting/plan":                 {administrator},
	"GET /pools":                         {supervisor, administrator, auditor},
	"POST /pools":                        {administrator},
	"DELETE /pools/{id}":                 {administrator},
	"PUT /pools/{id}/people/{person}":    {administrator},
	"DELETE /pools/{id}/people/{person}": {administrator},
	"PUT /pools/{id}/pcs/{device}":       {administrator},
	"DELETE /pools/{id}/pcs/{device}":    {administrator},
	"POST /kitting/apply":                {administrator},
	"POST /lost/look":                    {anyone}, // by the secret of a loss card
	"POST /lost/report":                  {anyone},

	"GET /people":                  {administrator},
	"POST /people":                 {administrator},
	"PATCH /people/{id}":           {administrator},
	"POST /people/{id}/invitation": {administrator},
	"POST /people/{id}/suspend":    {administrator},
	"POST /people/{id}/resume":     {administrator},

	"GET /identities":              {administrator},
	"PUT /people/{id}/identity":    {administrator},
	"GET /people/{id}/mail":        {administrator},
	"PUT /people/{id}/mail":        {administrator},
	"DELETE /people/{id}/identity": {administrator},

	"GET /desktops":             {administrator},
	"POST /desktops":            {administrator},
	"PATCH /desktops/{id}":      {administrator},
	"DELETE /desktops/{id}":     {administrator},
	"PUT /desktops/{id}/people": {administrator},

	"GET /training":                           {supervisor, administrator, auditor},
	"GET /training/people/{id}":               {supervisor, administrator, auditor},
	"PUT /training/rules":                     {administrator},
	"GET /training/records":                   {administrator, auditor},
	"GET /training/courses":                   {administrator, auditor},
	"POST /training/courses":                  {administrator},
	"PUT /training/courses/{id}":              {administrator},
	"GET /training/courses/{id}/questions":    {administrator}, // with the key
	"POST /training/courses/{id}/import":      {administrator},
	"POST /training/questions/{id}/retire":    {administrator},
	"GET /training/practice":                  {supervisor, administrator, auditor},
	"GET /training/practice/{id}":             {administrator}, // with the key
	"POST /training/practice/import":          {administrator},
	"POST /training/practice/{id}/retire":     {administrator},
	"GET /training/documents":                 {supervisor, administrator, auditor},
	"GET /training/documents/{id}":            {supervisor, administrator, auditor},
	"GET /training/documents/{id}/difference": {supervisor, administrator, auditor},
	"POST /training/documents/{id}/versions":  {administrator},

	"GET /clients":                           {administrator, auditor, clientAuditor}, // the last his own alone
	"POST /clients":                          {administrator},
	"GET /clients/{id}":                      {administrator, auditor, clientAuditor},
	"PATCH /clients/{id}":                    {administrator},
	"POST /clients/{id}/works":               {administrator},
	"PUT /clients/{id}/auditors/{person}":    {administrator},
	"DELETE /clients/{id}/auditors/{person}": {administrator},
	"PATCH /works/{id}":                      {administrator},
	"POST /works/{id}/people":                {administrator},
	"PUT /works/{id}/desktops/{desktop}":     {administrator},
	"PATCH /assignments/{id}":                {administrator},
	"DELETE /assignments/{id}":               {administrator},

	"GET /flows":                         {supervisor, administrator, auditor},
	"POST /flows":                        {supervisor, administrator},
	"GET /flows/{id}":                    {supervisor, administrator, auditor},
	"PUT /flows/draft":                   {supervisor, administrator},
	"POST /flows/{id}/publish":           {supervisor, administrator},
	"POST /flows/{id}/try":               {supervisor, administrator, auditor}, // it changes nothing
	"POST /flows/{id}/end":               {supervisor, administrator},
	"GET /flows/{id}/versions":           {supervisor, administrator, auditor},
	"GET /flows/{id}/versions/{number}":  {supervisor, administrator, auditor},
	"POST /flows/{id}/versions/{number}": {supervisor, administrator},
	"GET /flow-parts/{id}":               {supervisor, administrator, auditor},
	"POST /prompts":                      {supervisor, administrator},
	"PUT /prompts/sound":                 {supervisor, administrator},
	"GET /prompts/{id}/sound":            {supervisor, administrator, auditor},
	"DELETE /prompts/{id}":               {supervisor, administrator},
	"PUT /calendars":                     {supervisor, administrator},
	"DELETE /calendars/{id}":             {supervisor, administrator},
	"PUT /lookups":                       {administrator}, // what callers enter goes to another system
	"DELETE /lookups/{id}":               {administrator},

	"GET /roles":                         {administrator},
	"POST /roles":                        {administrator},
	"PUT /roles/{id}":                    {administrator},
	"DELETE /roles/{id}":                 {administrator},
	"PUT /roles/{id}/people/{person}":    {administrator},
	"DELETE /roles/{id}/people/{person}": {administrator},

	"GET /shifts":                     {supervisor, administrator},
	"PUT /shifts/rules":               {administrator},
	"PUT /shifts/people/{id}":         {administrator},
	"POST /shifts/people/{id}/extend": {supervisor},
	"POST /shifts/list/plan":          {administrator},
	"POST /shifts/list/apply":         {administrator},

	"GET /readiness":                     {supervisor, administrator, officer, auditor, clientAuditor}, // the last his own part alone
	"GET /readiness/clients/{id}":        {supervisor, administrator, officer, auditor, clientAuditor},
	"GET /readiness/people/{id}":         {supervisor, administrator},
	"GET /readiness/checks":              {supervisor, administrator},
	"POST /readiness/checks/{id}/decide": {supervisor, administrator},
	"POST /readiness/checks/{id}/photo":  {supervisor, administrator}, // a picture of somebody's home: nobody else
	"GET /readiness/rules":               {supervisor, administrator, auditor},
	"PUT /readiness/rules":               {administrator},

	"GET /networks":        {administrator, officer, auditor},
	"PUT /networks/{door}": {administrator},

	"GET /offices": {administrator, officer, auditor},
	"PUT /offices": {administrator},

	"POST /home/code/begin":     {supervisor, administrator, officer},
	"POST /home/code/finish":    {supervisor, administrator, officer},
	"POST /home/passkey/begin":  {anyone}, // at an issued PC alone: its person, with what only he has
	"POST /home/passkey/finish": {anyone},

	"GET /disaster":                   {supervisor, administrator, officer, auditor},
	"POST /disaster":                  {administrator, officer},
	"POST /disaster/end":              {supervisor, administrator, officer}, // closing: anybody who decides
	"POST /disaster/widenings":        {administrator},
	"DELETE /disaster/widenings/{id}": {administrator},

	"GET /rules":             {administrator, officer, auditor},
	"GET /rules/{number}":    {administrator, officer, auditor},
	"POST /rules/check":      {administrator},
	"PUT /rules":             {administrator},
	"GET /desktops/{id}/who": {administrator},
	"GET /refusals":          {supervisor, administrator},

	"GET /incidents":              {supervisor, officer, auditor, clientAuditor},
	"GET /incidents/{id}":         {officer, auditor, clientAuditor},
	"POST /incidents/{id}/decide": {officer},
	"GET /evidence/{hash}":        {officer},

	"POST /incidents/{id}/hold":    {officer},
	"POST /incidents/{id}/release": {officer},

	"GET /audit":             {officer, auditor, clientAuditor},
	"GET /audit/subjects":    {officer, auditor, clientAuditor},
	"GET /audit/checkpoint":  {officer, auditor, clientAuditor},
	"GET /audit/export":      {officer, auditor},
	"GET /audit/{seq}":       {officer, auditor, clientAuditor},
	"GET /audit/{seq}/proof": {officer, auditor, clientAuditor},

	"GET /audit/searches":         {officer, auditor}, // each his own
	"POST /audit/searches":        {officer, auditor},
	"DELETE /audit/searches/{id}": {officer, auditor},
	"GET /audit/rows":             {officer, auditor},
	"GET /audit/siem":             {officer, auditor},

	"GET /reports":           {officer, auditor},
	"POST /reports":          {officer},
	"GET /reports/{id}/file": {officer, auditor},

	"GET /trunks":              {administrator, auditor},
	"POST /trunks":             {administrator},
	"PUT /trunks/{id}":         {administrator},
	"DELETE /trunks/{id}":      {administrator},
	"GET /numbers":             {administrator, auditor},
	"POST /numbers":            {administrator},
	"PUT /numbers/{number}":    {administrator},
	"DELETE /numbers/{number}": {administrator},

	"GET /queues":              {supervisor, administrator, auditor},
	"POST /queues":             {supervisor, administrator},
	"PUT /queues/{id}":         {supervisor, administrator},
	"POST /queues/{id}/retire": {supervisor, administrator},
	"GET /skills":              {supervisor, administrator, auditor},
	"PUT /skills/{id}":         {supervisor, administrator},

	"GET /calls/board":             {supervisor, administrator}, // supervisors their works alone
	"POST /calls/{id}/watch":       {supervisor},
	"DELETE /calls/{id}/watch":     {supervisor},
	"POST /calls/{id}/take":        {supervisor},
	"POST /calls/{id}/end":         {supervisor},
	"PUT /calls/people/{id}/state": {supervisor},
	"GET /calls/report":            {supervisor, administrator},
	"GET /calls/report/file":       {supervisor, administrator},
	"GET /calls/attendance":        {supervisor, administrator},
	"GET /calls/attendance/file":   {supervisor, administrator},

	"GET /recordings/choices":            {supervisor, administrator, officer, auditor, clientAuditor}, // each his works, the last his own company's
	"POST /recordings/search":            {supervisor, administrator, officer, auditor, clientAuditor},
	"GET /recordings/{id}":               {supervisor, administrator, officer, auditor, clientAuditor},
	"POST /recordings/{id}/listen":       {supervisor, officer, auditor, clientAuditor}, // no administrator: he keeps them, and need not hear them
	"GET /listening/{id}":                {supervisor, officer, auditor, clientAuditor},
	"POST /recordings/{id}/hold":         {supervisor, administrator, officer},
	"POST /recordings/{id}/lift":         {administrator},
	"GET /recordings/retention":          {administrator, officer, auditor},
	"PUT /recordings/retention/{client}": {administrator},
}

// open says whether route answers people who have not signed in.
func open(route string) bool { return slices.Contains(access[route], anyone) }

// may says whether somebody with these roles may use route. An unlisted route
// has no roles and is refused.
func may(route string, roles []sekisho.Role) bool {
	return slices.ContainsFunc(access[route], func(r sekisho.Role) bool {
		return r != anyone && slices.Contains(roles, r)
	})
}

// welcome says whether the console has anything for somebody with these roles.
func welcome(roles []sekisho.Role) bool {
	return slices.ContainsFunc(roles, func(r sekisho.Role) bool {
		return r == supervisor || r == administrator || r == officer || r == auditor || r == clientAuditor
	})
}
