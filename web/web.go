// Package web holds the built pages as file systems, one for each app, so that
// the server and the agent carry their screens inside their own binary.
//
// The folders are filled by `npm run build`; without it they hold only a
// .gitkeep and the package still builds. Whoever serves index.html replaces the
// placeholder __NONCE__ in it with a fresh nonce for every answer, the same one
// as in that answer's Content-Security-Policy; every other file is immutable.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist/desk
var desk embed.FS

//go:embed all:dist/console
var console embed.FS

// Desk is the operator's page with its worker and the runtime of the face
// models (ort/). Only the agent serves it.
func Desk() fs.FS { return sub(desk, "dist/desk") }

// Console is the page of supervisors, administrators, officers and auditors.
func Console() fs.FS { return sub(console, "dist/console") }

func sub(files embed.FS, dir string) fs.FS {
	f, err := fs.Sub(files, dir)
	if err != nil {
		panic("web: " + err.Error()) // the directive above names the folder
	}
	return f
}
