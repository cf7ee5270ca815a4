using System.Diagnostics;
using System.Formats.Tar;
using System.Text;
using System.Text.Json.Nodes;

namespace CogniForge.AppHost.Tests.Deployment;

/// <summary>The services' images as the SDK builds them. The base image is empty, so the images cannot start.</summary>
public sealed class ContainerImageTests
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    [Theory]
    [InlineData("CogniForge.Llm", "cogniforge-llm")]
    [InlineData("CogniForge.Serving", "cogniforge-serving")]
    [InlineData("CogniForge.Analytics", "cogniforge-analytics")]
    [InlineData("CogniForge.Web", "cogniforge-web")]
    public async Task Image_Archived_RunsAsUserOnPort8080(string project, string repository)
    {
        var folder = Directory.CreateTempSubdirectory("cogniforge-image-");
        try
        {
            await using var registry = await ImageRegistry.StartAsync();
            var archive = Path.Combine(folder.FullName, "image.tar");
            await PublishAsync(project, archive, registry.BaseImage, folder.FullName);

            var files = await ReadAsync(archive);
            var manifest = JsonNode.Parse(files["manifest.json"])![0]!;
            var config = JsonNode.Parse(files[(string)manifest["Config"]!])!["config"]!;

            Assert.StartsWith($"{repository}:", (string)manifest["RepoTags"]![0]!, StringComparison.Ordinal);
            Assert.Equal("1654", (string?)config["User"]);
            Assert.Equal(["8080/tcp"], config["ExposedPorts"]!.AsObject().Select(p => p.Key));
            Assert.Contains("ASPNETCORE_HTTP_PORTS=8080", config["Env"]!.AsArray().Select(e => (string?)e));
            Assert.Equal(["dotnet", $"/app/{project}.dll"], config["Entrypoint"]!.AsArray().Select(a => (string?)a));
            Assert.Equal("CogniForge", (string?)config["Labels"]!["org.opencontainers.image.authors"]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task PublishAsync(string project, string archive, string baseImage, string folder)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            "publish",
            project,
            "--no-build",
            "-c",
            Configuration,
            "-t:PublishContainer",
            $"-p:ContainerArchiveOutputPath={archive}",
            $"-p:ContainerBaseImage={baseImage}",
            $"-p:PublishDir={folder}/published/",
            "-nodeReuse:false",
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        start.Environment["DOTNET_CONTAINER_INSECURE_REGISTRIES"] = baseImage.Split('/')[0];
        using var process = Process.Start(start)!;
        var output = await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(),
            process.StandardError.ReadToEndAsync()
        );
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, string.Concat(output));
    }

    /// <summary>The JSON files in an image's archive, by name.</summary>
    private static async Task<Dictionary<string, string>> ReadAsync(string archive)
    {
        var files = new Dictionary<string, string>();
        await using var stream = File.OpenRead(archive);
        await using var tar = new TarReader(stream);
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            if (entry.DataStream is not null && entry.Name.EndsWith(".json", StringComparison.Ordinal))
            {
                using var reader = new StreamReader(entry.DataStream, Encoding.UTF8, leaveOpen: true);
                files[entry.Name] = await reader.ReadToEndAsync();
            }
        }

        return files;
    }
}
