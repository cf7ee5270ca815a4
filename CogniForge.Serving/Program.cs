using CogniForge.Messaging;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Health;
using CogniForge.ServiceDefaults.Hosting;
using CogniForge.ServiceDefaults.OpenApi;
using CogniForge.Serving;
using CogniForge.Serving.Artifacts;
using CogniForge.Serving.Experiments;
using CogniForge.Serving.Inference;
using CogniForge.Serving.Metrics;
using CogniForge.Serving.Models;
using CogniForge.Serving.Routing;
using CogniForge.Serving.Rpc;
using CogniForge.Serving.Shadows;
using CogniForge.Serving.Tracking;

StartErrors.WriteReasonOnly();
var builder = WebApplication.CreateBuilder(args);

// Requests need the database to find models; events can wait in the journal and the outbox.
var available = builder.AddServiceDefaults(
    new ServiceDescription("serving", "servingdb", typeof(Program).Assembly),
    RequiredDependencies.Postgres
);
builder.AddMessaging(available, RequiredDependencies.Postgres);
builder.Services.AddOpenApi(options =>
    OpenApiDefaults.Configure(options, "CogniForge model serving", "Models behind the Open Inference Protocol v2.")
);
builder.Services.AddServing(available);

var app = builder.Build();
app.UseServiceDefaults();
app.MapRegistry();
app.MapVersions();
app.MapAliases();
app.MapRouting();
app.MapArtifacts();
app.MapMlflow();
app.MapExperiments();
app.MapPowerAnalysis();
app.MapShadows();
app.MapInferences();
app.MapMetrics();
app.MapInferenceProtocol();
app.MapModelRepository();
app.MapInferenceGrpc();
app.RunService();
