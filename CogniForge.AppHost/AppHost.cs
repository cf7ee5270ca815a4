using CogniForge.AppHost;
using CogniForge.AppHost.LocalServers;
using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);
builder.AddLocalServers();

// Keys that every service accepts: the operator's and the one that services use among themselves.
var keys = new SharedKeys(builder.AddGeneratedSecret("admin-api-key"), builder.AddGeneratedSecret("service-key"));

// Stores. What Redis holds can be rebuilt, so it needs no volume.
var cache = builder.AddRedis("cache");
IResourceBuilder<IResourceWithConnectionString> messaging;
Func<string, IResourceBuilder<IResourceWithConnectionString>> addDatabase;
if (builder.ExecutionContext.IsPublishMode)
{
    // A deployment's data must outlive its containers: it names servers of its own by connection string.
    messaging = builder.AddConnectionString("messaging");
    addDatabase = name => builder.AddConnectionString(name);
}
else
{
    var rabbitMq = builder.AddRabbitMQ("messaging").WithManagementPlugin();
    var postgres = builder.AddPostgres("postgres");
    if (builder.Configuration.GetValue("DataVolumes", true))
    {
        rabbitMq.WithDataVolume();
        postgres.WithDataVolume();
    }

    messaging = rabbitMq;
    addDatabase = name => postgres.AddDatabase(name);
}

// Services, each with its own database.
var llm = builder.AddProject<Projects.CogniForge_Llm>("llm")
    .WithStores(addDatabase("llmdb"), cache, messaging)
    .WithApi(keys)
    .WithProviderKeys("openai", "anthropic", "openrouter")
    .WithCachePurge(keys);

var serving = builder.AddProject<Projects.CogniForge_Serving>("serving")
    .WithStores(addDatabase("servingdb"), cache, messaging)
    .WithApi(keys)
    .WithReference(llm);

var analytics = builder.AddProject<Projects.CogniForge_Analytics>("analytics")
    .WithStores(addDatabase("analyticsdb"), cache, messaging)
    .WithApi(keys)
    .WithDeadLetterReplay(keys);

// The edge: the pages and the unified metrics API.
builder.AddProject<Projects.CogniForge_Web>("web")
    .WithStores(addDatabase("webdb"), cache, messaging)
    .WithApi(keys)
    .WithReference(llm).WaitFor(llm)
    .WithReference(serving).WaitFor(serving)
    .WithReference(analytics).WaitFor(analytics);

builder.Build().Run();
