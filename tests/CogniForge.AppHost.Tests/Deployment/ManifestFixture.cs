namespace CogniForge.AppHost.Tests.Deployment;

public sealed class ManifestFixture : IAsyncLifetime
{
    public const string SecretOfThisMachine = "sk-of-the-machine-that-publishes";

    public PublishedManifest Manifest { get; private set; } = null!;

    public async Task InitializeAsync() =>
        Manifest = await PublishedManifest.PublishAsync(
            $"Parameters:admin-api-key={SecretOfThisMachine}-with-32-characters",
            $"Parameters:openai-api-key={SecretOfThisMachine}",
            $"Parameters:cache-password={SecretOfThisMachine}",
            $"ConnectionStrings:llmdb=Password={SecretOfThisMachine}"
        );

    public Task DisposeAsync() => Task.CompletedTask;
}
