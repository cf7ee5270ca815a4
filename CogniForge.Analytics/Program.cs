using CogniForge.Analytics;
using CogniForge.Analytics.Activity;
using CogniForge.Analytics.Ingestion;
using CogniForge.Messaging;
using CogniForge.Messaging.DeadLetters;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Health;
using CogniForge.ServiceDefaults.Hosting;
using CogniForge.ServiceDefaults.OpenApi;

StartErrors.WriteReasonOnly();
var builder = WebApplication.CreateBuilder(args);

// Ingestion requires the broker, and queries require the database.
const RequiredDependencies Required = RequiredDependencies.Postgres | RequiredDependencies.RabbitMq;
var available = builder.AddServiceDefaults(
    new ServiceDescription("analytics", "analyticsdb", typeof(Program).Assembly),
    Required
);
builder.AddMessaging(available, Required);
builder.Services.AddOpenApi(options =>
    OpenApiDefaults.Configure(
        options,
        "CogniForge analytics",
        "User events, and the activity of the other services."
    )
);
builder.Services.AddAnalytics(available);

var app = builder.Build();
app.UseServiceDefaults();
app.MapEvents();
app.MapActivity();
app.MapDeadLetters("analytics");
app.RunService();
