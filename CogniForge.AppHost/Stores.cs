namespace CogniForge.AppHost;

/// <summary>The servers that all services share.</summary>
/// <param name="Cache">Redis.</param>
/// <param name="Messaging">RabbitMQ.</param>
/// <param name="AddDatabase">Adds a Postgres database with the given name.</param>
internal sealed record Stores(
    IResourceBuilder<IResourceWithConnectionString> Cache,
    IResourceBuilder<IResourceWithConnectionString> Messaging,
    Func<string, IResourceBuilder<IResourceWithConnectionString>> AddDatabase
);
