using System.Net.Sockets;
using System.Text;
using CogniForge.Serving.Artifacts;
using CogniForge.Serving.Tests.Models;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Serving.Tests.Servers;

/// <summary>Artefacts behave the same in Postgres, in a directory and without Postgres.</summary>
[Trait("Category", "Servers")]
public sealed class ArtifactTests(RealPostgres postgres) : IClassFixture<RealPostgres>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cogniforge-artifacts-").FullName;

    public void Dispose() => TemporaryFolder.Delete(_folder);

    public static TheoryData<string> Stores => ["memory", "postgres", "directory"];

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Upload_LargeFile_IsDownloadedAgain(string store)
    {
        await using var service = await StartAsync(store);
        var registry = await RegisterAsync(service);

        // Several chunks and a rest.
        var file = new byte[(3 * 1024 * 1024) + 7];
        new Random(1).NextBytes(file);
        using var created = await registry.UploadAsync("churn/versions/1", file);
        var artifact = (await created.ReadAsync(201)).GetProperty("artifact");
        Assert.Equal(
            ($"sha256:{RegistryClient.Hash(file)}", file.Length),
            (artifact.GetProperty("digest").GetString(), artifact.GetProperty("bytes").GetInt32())
        );
        Assert.Equal(file, await registry.DownloadAsync("churn/versions/1"));

        using var again = await registry.UploadAsync("churn/versions/1", file);
        await again.ReadAsync(200);
        using var other = await registry.UploadAsync("churn/versions/1", [1, 2, 3]);
        Assert.Contains("another artefact", (await Problem.ReadAsync(other, 409)).Detail, StringComparison.Ordinal);
        Assert.Equal(file, await registry.DownloadAsync("churn/versions/1"));
        Assert.Single(await ListAsync(service));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Upload_WrongDigest_LeavesNothing(string store)
    {
        await using var service = await StartAsync(store);
        var registry = await RegisterAsync(service);

        using var response = await registry.UploadAsync("churn/versions/1", [1, 2, 3], RegistryClient.Hash([4]));

        var rule = Assert.Single(await Problem.ReadRulesAsync(response));
        Assert.StartsWith("digest: must be the SHA-256 of the body", rule, StringComparison.Ordinal);
        Assert.Contains(RegistryClient.Hash([1, 2, 3]), rule, StringComparison.Ordinal);
        await registry.ReadProblemAsync(404, "GET", "/churn/versions/1/artifact");
        Assert.Empty(await ListAsync(service));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Upload_CutHalfway_LeavesNothing(string store)
    {
        await using var service = await StartAsync(store);
        var registry = await RegisterAsync(service);
        var half = new byte[2 * 1024 * 1024];

        using (var client = new TcpClient(service.Address.Host, service.Address.Port))
        {
            var stream = client.GetStream();
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"PUT /api/v1/serving/models/churn/versions/1/artifact?digest=sha256:{RegistryClient.Hash(half)} "
                        + $"HTTP/1.1\r\nHost: localhost\r\nContent-Length: {2 * half.Length}\r\n\r\n"
                )
            );
            await stream.WriteAsync(half);
            await Until.EqualAsync(1, async () => (await ListAsync(service)).Count);
        }

        await Until.EqualAsync(0, async () => (await ListAsync(service)).Count);
        await registry.ReadProblemAsync(404, "GET", "/churn/versions/1/artifact");
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task CleanUp_DeletedVersion_DeletesItsFile(string store)
    {
        await using var service = await StartAsync(store);
        var registry = await RegisterAsync(service);
        await registry.ReadAsync(201, "POST", "/churn/versions", """{"kind":"onnx"}""");
        foreach (var version in new[] { 1, 2 })
        {
            using var created = await registry.UploadAsync($"churn/versions/{version}", [1, 2, 3]);
            await created.ReadAsync(201);
        }

        await registry.ReadAsync(204, "DELETE", "/churn/versions/1");
        var cleanUp = service.Services.GetRequiredService<ArtifactCleanUp>();
        await cleanUp.CleanAsync(TimeProvider.System.GetUtcNow().AddHours(-1), CancellationToken.None);
        Assert.Equal(2, (await ListAsync(service)).Count);
        await cleanUp.CleanAsync(TimeProvider.System.GetUtcNow().AddHours(1), CancellationToken.None);

        Assert.Single(await ListAsync(service));
        Assert.Equal([1, 2, 3], await registry.DownloadAsync("churn/versions/2"));
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("directory")]
    public async Task Restart_WithArtifact_KeepsIt(string store)
    {
        var database = await postgres.NewDatabaseAsync();
        var directory = store == "directory" ? _folder : null;
        await using (var service = await ServingOnPostgres.StartAsync(database, artifacts: directory))
        {
            var registry = await RegisterAsync(service);
            using var created = await registry.UploadAsync("churn/versions/1", [1, 2, 3]);
            await created.ReadAsync(201);
        }

        await using var restarted = await ServingOnPostgres.StartAsync(database, artifacts: directory);
        Assert.Equal([1, 2, 3], await new RegistryClient(restarted.Client).DownloadAsync("churn/versions/1"));
    }

    [Fact]
    public async Task Upload_LogisticVersion_Conflicts()
    {
        await using var service = new ServingService();
        (await service.RegisterAsync(ModelJson.Create("inline"))).Dispose();
        using var response = await new RegistryClient(service.Client).UploadAsync("inline/versions/1", [1]);
        Assert.Contains("takes no artefact", (await Problem.ReadAsync(response, 409)).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?digest=md5:00")]
    [InlineData("?digest=sha256:00")]
    public async Task Upload_InvalidDigest_NamesField(string query)
    {
        await using var service = new ServingService();
        using var content = new ByteArrayContent([1]);
        using var response = await service.Client.PutAsync(
            new Uri($"/api/v1/serving/models/churn/versions/1/artifact{query}", UriKind.Relative),
            content
        );
        Assert.Equal(["digest"], (await Problem.ReadAsync(response, 400)).Errors!.Keys);
    }

    private async Task<ServingService> StartAsync(string store) =>
        store == "memory"
            ? new ServingService()
            : await ServingOnPostgres.StartAsync(
                await postgres.NewDatabaseAsync(),
                artifacts: store == "directory" ? _folder : null
            );

    private static async Task<RegistryClient> RegisterAsync(ServingService service)
    {
        var registry = new RegistryClient(service.Client);
        await registry.ReadAsync(201, "POST", "", """{"name":"churn","kind":"onnx"}""");
        return registry;
    }

    private static Task<IReadOnlyList<Guid>> ListAsync(ServingService service) =>
        service
            .Services.GetRequiredService<IArtifactStore>()
            .ListAsync(TimeProvider.System.GetUtcNow().AddHours(1), Guid.Empty, 10, CancellationToken.None);
}
