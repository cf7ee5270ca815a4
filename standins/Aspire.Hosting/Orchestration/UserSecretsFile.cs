using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration.UserSecrets;

namespace Aspire.Hosting;

/// <summary>The AppHost's user secrets, in the file that <c>dotnet user-secrets</c> edits too. Two runs that start at once agree on one value.</summary>
internal sealed class UserSecretsFile(string path)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly Lock InProcess = new();

    public static UserSecretsFile? For(Assembly? appHost) =>
        appHost?.GetCustomAttribute<UserSecretsIdAttribute>() is { } id ? new(PathHelper.GetSecretsPathFromSecretsId(id.UserSecretsId)) : null;

    public string GetOrAdd(string key, Func<string> create)
    {
        lock (InProcess)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var held = Lock();
            var secrets = File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path), documentOptions: new() { CommentHandling = JsonCommentHandling.Skip })!.AsObject() : [];
            if (secrets[key]?.GetValue<string>() is { Length: > 0 } known)
                return known;
            var value = create();
            secrets[key] = value;
            Replace(secrets.ToJsonString(Indented));
            return value;
        }
    }

    private void Replace(string json)
    {
        var next = $"{path}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(next, options))
            writer.Write(json);
        File.Move(next, path, overwrite: true);
    }

    private FileStream Lock()
    {
        var deadline = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(10);
        var patience = new SpinWait();
        while (true)
        {
            try
            {
                return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (TimeProvider.System.GetUtcNow() < deadline)
            {
                patience.SpinOnce();
            }
        }
    }
}
