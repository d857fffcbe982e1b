//go:build !windows

package connect

func installedDir() string { return "/var/lib/sekisho-agent" }
