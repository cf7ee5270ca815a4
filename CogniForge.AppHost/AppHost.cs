using CogniForge.AppHost;
using CogniForge.AppHost.LocalServers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

var builder = DistributedApplication.CreateBuilder(args);
builder.AddLocalServers();
builder.Services.AddHostedService<ResourceStateLogger>();

// Keys that every service accepts: the operator's and the one that services use among themselves.
var keys = new SharedKeys(
    builder.AddGeneratedSecret("admin-api-key", "The operator's key: **all scopes** at every service. Kept in the user secrets."),
    builder.AddGeneratedSecret("service-key", "The key that the services use among themselves. Kept in the user secrets."));

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
    .WithApiKeyCreation(keys, "llm:invoke", "llm:read", "llm:write", "llm:admin")
    .WithCachePurge(keys);

var serving = builder.AddProject<Projects.CogniForge_Serving>("serving")
    .WithStores(postgres.AddDatabase("servingdb"), cache, messaging)
    .WithApi(keys)
    .WithApiKeyCreation(keys, "serving:infer", "serving:read", "serving:write", "serving:admin")
    .WithReference(llm);

var analytics = builder.AddProject<Projects.CogniForge_Analytics>("analytics")
    .WithStores(postgres.AddDatabase("analyticsdb"), cache, messaging)
    .WithApi(keys)
    .WithApiKeyCreation(keys, "analytics:write", "analytics:read", "analytics:admin")
    .WithDeadLetterReplay(keys);

// The edge: the pages and the unified metrics API.
builder.AddProject<Projects.CogniForge_Web>("web")
    .WithStores(postgres.AddDatabase("webdb"), cache, messaging)
    .WithApi(keys)
    .WithApiKeyCreation(keys, "metrics:read", "web:read", "web:admin")
    .WithReference(llm).WaitFor(llm)
    .WithReference(serving).WaitFor(serving)
    .WithReference(analytics).WaitFor(analytics);

try
{
    await builder.Build().RunAsync();
    return 0;
}
catch (DistributedApplicationException e)
{
    // A setting that cannot work ends the start in one line.
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
