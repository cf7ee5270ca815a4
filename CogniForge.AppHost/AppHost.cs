using CogniForge.AppHost;
using CogniForge.AppHost.LocalServers;
using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);
builder.AddLocalServers();

// Keys that every service accepts: the operator's and the one that services use among themselves.
var keys = new SharedKeys(builder.AddGeneratedSecret("admin-api-key"), builder.AddGeneratedSecret("service-key"));

// Stores. What Redis holds can be rebuilt, so it needs no volume.
var postgres = builder.AddPostgres("postgres");
var cache = builder.AddRedis("cache");
var messaging = builder.AddRabbitMQ("messaging").WithManagementPlugin();

if (builder.ExecutionContext.IsRunMode && builder.Configuration.GetValue("DataVolumes", true))
{
    postgres.WithDataVolume();
    messaging.WithDataVolume();
}

// Services, each with its own database.
var llm = builder.AddProject<Projects.CogniForge_Llm>("llm")
    .WithStores(postgres.AddDatabase("llmdb"), cache, messaging)
    .WithApi(keys)
    .WithProviderKeys("openai", "anthropic", "openrouter")
    .WithCachePurge(keys);

var serving = builder.AddProject<Projects.CogniForge_Serving>("serving")
    .WithStores(postgres.AddDatabase("servingdb"), cache, messaging)
    .WithApi(keys)
    .WithReference(llm);

var analytics = builder.AddProject<Projects.CogniForge_Analytics>("analytics")
    .WithStores(postgres.AddDatabase("analyticsdb"), cache, messaging)
    .WithApi(keys)
    .WithDeadLetterReplay(keys);

// The edge: the pages and the unified metrics API.
builder.AddProject<Projects.CogniForge_Web>("web")
    .WithStores(postgres.AddDatabase("webdb"), cache, messaging)
    .WithApi(keys)
    .WithReference(llm).WaitFor(llm)
    .WithReference(serving).WaitFor(serving)
    .WithReference(analytics).WaitFor(analytics);

builder.Build().Run();
