using System.Text.Json;
using CogniForge.ServiceDefaults;

namespace CogniForge.Llm.Caching;

/// <summary>
/// Stores each response in a file, so that it survives a restart; evicts the least recently used. One process per
/// folder.
/// </summary>
internal sealed class DiskResponseStore : IResponseStore
{
    private readonly Lock _lock = new();
    private readonly string _folder;
    private readonly long _maxBytes;
    private readonly TimeProvider _time;
    private readonly LinkedList<string> _recency = new(); // most recently used first
    private readonly Dictionary<string, (LinkedListNode<string> Node, long Bytes)> _files = new(StringComparer.Ordinal);
    private long _bytes;

    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    public DiskResponseStore(string folder, long maxBytes, TimeProvider time)
    {
        (_folder, _maxBytes, _time) = (folder, maxBytes, time);
        PrivateFiles.CreateDirectory(folder, "*.json");
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*.json").OrderBy(f => f.LastWriteTimeUtc))
        {
            Track(Path.GetFileNameWithoutExtension(file.Name), file.Length);
        }

        Evict();
    }

    public async ValueTask<CachedResponse?> GetAsync(string key, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_files.TryGetValue(key, out var file))
            {
                return null;
            }

            _recency.Remove(file.Node);
            _recency.AddFirst(file.Node);
        }

        if (await ReadAsync(key, cancellationToken) is { } response && response.ExpiresAt > _time.GetUtcNow())
        {
            return response;
        }

        Remove(key);
        return null;
    }

    public async ValueTask SetAsync(string key, CachedResponse response, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(response);

        // Writes to a temporary file first, so that neither a reader nor the next process sees a partial file.
        var temporary = Path.Combine(_folder, $"{Guid.CreateVersion7(_time.GetUtcNow()):N}.part");
        await using (var file = PrivateFiles.Open(temporary, FileMode.CreateNew, FileAccess.Write))
        {
            await file.WriteAsync(json, cancellationToken);
        }

        File.Move(temporary, GetPath(key), overwrite: true);
        lock (_lock)
        {
            Track(key, json.Length);
            Evict();
        }
    }

    public async ValueTask PurgeAsync(string? tag, CancellationToken cancellationToken)
    {
        List<string> keys;
        lock (_lock)
        {
            keys = [.. _files.Keys];
        }

        foreach (var key in keys)
        {
            if (tag is null || (await ReadAsync(key, cancellationToken))?.Tags.Contains(tag) != false)
            {
                Remove(key);
            }
        }
    }

    private async ValueTask<CachedResponse?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize<CachedResponse>(
                await File.ReadAllBytesAsync(GetPath(key), cancellationToken)
            );
        }
        catch (Exception e) when (e is FileNotFoundException or JsonException)
        {
            return null; // evicted in the meantime, or written by another version
        }
    }

    private void Track(string key, long bytes)
    {
        if (_files.Remove(key, out var old))
        {
            _recency.Remove(old.Node);
            _bytes -= old.Bytes;
        }

        _files[key] = (_recency.AddFirst(key), bytes);
        _bytes += bytes;
    }

    private void Evict()
    {
        while (_bytes > _maxBytes && _recency.Last is { } oldest)
        {
            Remove(oldest.Value);
        }
    }

    private void Remove(string key)
    {
        lock (_lock)
        {
            if (_files.Remove(key, out var file))
            {
                _recency.Remove(file.Node);
                _bytes -= file.Bytes;
            }

            File.Delete(GetPath(key));
        }
    }

    private string GetPath(string key) => Path.Combine(_folder, key + ".json");
}
