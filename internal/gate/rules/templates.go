package rules

// Template is a policy to begin with. The console says it in words, by its id.
type Template struct{ ID, Text string }

// Templates by place, in the order in which they are offered.
var Templates = []Template{
	{"home", `@id("home")
permit (principal, action in [Action::"open", Action::"reach"], resource)
when { context.place == "home" };
`},
	{"office", `@id("office")
permit (principal, action in [Action::"open", Action::"reach"], resource)
when { context.place == "office" };
`},
	{"home-no-full", `@id("home-no-full")
forbid (principal, action == Action::"reach", resource)
when { context.place == "home" && resource.level == "full" };
`},
	{"home-no-approved", `@id("home-no-approved")
forbid (principal, action == Action::"open", resource)
when { context.place == "home" && context.class == "approved" };
`},
	{"home-camera", `@id("home-camera")
forbid (principal, action == Action::"open", resource)
when { context.place == "home" }
unless { context.camera };
`},
	{"home-tpm", `@id("home-tpm")
forbid (principal, action == Action::"open", resource)
when { context.place == "home" && context.tier == "C" };
`},
	{"home-permit", `@id("home-permit")
forbid (principal, action in [Action::"open", Action::"reach"], resource)
when { context.place == "home" }
unless { context.permit };
`},
	{"first-pc", `@id("first-pc")
forbid (principal, action in [Action::"open", Action::"reach"], resource)
unless { context.first };
`},
}

// Global is the text of the fixed policies, to be shown.
func Global() string { return global }
