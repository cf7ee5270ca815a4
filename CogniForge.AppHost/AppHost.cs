using CogniForge.AppHost;
using CogniForge.AppHost.LocalServers;
using Microsoft.Extensions.DependencyInjection;

var builder = DistributedApplication.CreateBuilder(args);
builder.AddLocalServers();
builder.Services.AddHostedService<ResourceStateLogger>();

// Keys that every service accepts: the operator's, and the one for calls between services.
var keys = new SharedKeys(
    builder.AddGeneratedSecret("admin-api-key", "The operator's key: it grants **all scopes** in every service."),
    builder.AddGeneratedSecret("service-key", "The key for calls between services.")
);

// Postgres, Redis and RabbitMQ: a local run starts them; a deployment provides its own.
var stores = builder.AddStores();

// The services, each with its own database.
var llm = builder
    .AddProject<Projects.CogniForge_Llm>("llm")
    .WithStores(stores, "llmdb")
    .WithApi(keys)
    .WithProviderKeys("openai", "anthropic", "openrouter")
    .WithApiKeyCreation(keys, "llm:invoke", "llm:read", "llm:write", "llm:admin", "metrics:read")
    .WithCachePurge(keys);

var serving = builder
    .AddProject<Projects.CogniForge_Serving>("serving")
    .WithStores(stores, "servingdb")
    .WithApi(keys)
    .WithApiKeyCreation(keys, "serving:infer", "serving:read", "serving:write", "serving:admin", "metrics:read")
    .WithReference(llm);

// gRPC without TLS needs a port of its own; a deployment decides how to expose it.
if (builder.ExecutionContext.IsRunMode)
{
    serving
        .WithHttpEndpoint(port: 5212, name: "grpc")
        .WithEndpoint("grpc", endpoint => endpoint.Transport = "http2")
        .WithUrlForEndpoint("grpc", url => url.DisplayText = "gRPC")
        .WithEnvironment(
            "Inference__GrpcPort",
            ReferenceExpression.Create($"{serving.GetEndpoint("grpc").Property(EndpointProperty.TargetPort)}")
        );
}

var analytics = builder
    .AddProject<Projects.CogniForge_Analytics>("analytics")
    .WithStores(stores, "analyticsdb")
    .WithApi(keys)
    .WithApiKeyCreation(keys, "analytics:write", "analytics:read", "analytics:admin", "metrics:read")
    .WithDeadLetterReplay(keys);

// The front end: the pages and the unified metrics API.
builder
    .AddProject<Projects.CogniForge_Web>("web")
    .WithStores(stores, "webdb")
    .WithApi(keys)
    .WithApiKeyCreation(keys, "metrics:read", "web:read", "web:admin")
    .WithReference(llm)
    .WaitFor(llm)
    .WithReference(serving)
    .WaitFor(serving)
    .WithReference(analytics)
    .WaitFor(analytics);

try
{
    await builder.Build().RunAsync();
    return 0;
}
catch (DistributedApplicationException e)
{
    // An impossible setting ends the start with one line instead of a stack trace.
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
