using CogniForge.Messaging;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Health;
using CogniForge.ServiceDefaults.Hosting;
using CogniForge.ServiceDefaults.OpenApi;
using CogniForge.Web;
using CogniForge.Web.Dashboard;

StartErrors.WriteReasonOnly();
var builder = WebApplication.CreateBuilder(args);

// Each part of a page fails independently, so no dependency is required.
var available = builder.AddServiceDefaults(
    new ServiceDescription("web", "webdb", typeof(Program).Assembly),
    RequiredDependencies.None
);
builder.AddMessaging(available, RequiredDependencies.None);
builder.Services.AddOpenApi(options =>
    OpenApiDefaults.Configure(options, "CogniForge metrics", "The numbers of all services in one place.")
);
builder.Services.AddWeb();

var app = builder.Build();
app.UseServiceDefaults();
app.MapStaticAssets().AllowAnonymous();
app.MapPages();
app.MapDashboard();
app.RunService();
