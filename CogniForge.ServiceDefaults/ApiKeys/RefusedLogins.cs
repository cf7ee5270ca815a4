using CogniForge.ServiceDefaults.Audit;
using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>
/// Counts refused log-ins per address and minute: limits those with unknown keys and makes audit entries of bounded
/// number. Thread-safe.
/// </summary>
internal sealed class RefusedLogins(IOptions<CogniForgeOptions> options, TimeProvider time)
{
    /// <summary>The maximum number of addresses that are counted; further ones are not limited.</summary>
    private const int MaxCounted = 10_000;

    /// <summary>The maximum number of entries of a minute; the rest is one entry more.</summary>
    private const int MaxEntries = 100;

    /// <summary>The maximum number of entries that wait for the store; the oldest are lost beyond it.</summary>
    private const int MaxWaiting = 10_000;

    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<RefusedLogin, int> _counts = [];
    private readonly Queue<AuditEntry> _waiting = [];
    private DateTimeOffset _start;
    private int _uncounted;

    /// <summary>Counts an unknown, expired, disabled or revoked key.</summary>
    /// <returns>The time until the address may fail again, seconds; null if it is within its limit.</returns>
    public int? AddUnknownKey(string? network)
    {
        var login = new RefusedLogin(AuditEntry.RefuseLogin, new(AuditEntry.Anonymous, AuditEntry.Anonymous, network));
        lock (_lock)
        {
            return Add(login) > options.Value.MaxFailedLoginsPerMinute
                ? (int)Math.Ceiling((_start + _minute - time.GetUtcNow()).TotalSeconds)
                : null;
        }
    }

    /// <summary>Counts a valid key at an address that it does not allow.</summary>
    public void AddForeignAddress(Caller caller, string? network)
    {
        lock (_lock)
        {
            Add(new(AuditEntry.RefuseAddress, new(caller.Id, caller.Name, network)));
        }
    }

    /// <summary>Takes the entries of past minutes, oldest first.</summary>
    /// <param name="includesCurrent">Whether to end the current minute.</param>
    public IReadOnlyList<AuditEntry> Take(bool includesCurrent = false)
    {
        lock (_lock)
        {
            if (includesCurrent || time.GetUtcNow() >= _start + _minute)
            {
                EndMinute();
            }

            AuditEntry[] entries = [.. _waiting];
            _waiting.Clear();
            return entries;
        }
    }

    /// <summary>Puts entries back that the store did not take.</summary>
    public void PutBack(IEnumerable<AuditEntry> entries)
    {
        lock (_lock)
        {
            foreach (var entry in entries)
            {
                Wait(entry);
            }
        }
    }

    private int Add(RefusedLogin login)
    {
        var now = time.GetUtcNow();
        if (now >= _start + _minute)
        {
            EndMinute();
            _start = new(now.Ticks - (now.Ticks % _minute.Ticks), TimeSpan.Zero);
        }

        if (_counts.TryGetValue(login, out var count) || _counts.Count < MaxCounted)
        {
            return _counts[login] = count + 1;
        }

        _uncounted++;
        return 1;
    }

    private void EndMinute()
    {
        var byCount = _counts.OrderByDescending(c => c.Value).ToList();
        foreach (var (login, count) in byCount.Take(MaxEntries))
        {
            Wait(CreateEntry(login, count));
        }

        if (byCount.Skip(MaxEntries).Sum(c => c.Value) + _uncounted is > 0 and var rest)
        {
            var others = new AuditActor(AuditEntry.Anonymous, AuditEntry.Anonymous, null);
            Wait(CreateEntry(new(AuditEntry.RefuseLogin, others), rest));
        }

        _counts.Clear();
        _uncounted = 0;
    }

    private void Wait(AuditEntry entry)
    {
        _waiting.Enqueue(entry);
        if (_waiting.Count > MaxWaiting)
        {
            _waiting.Dequeue();
        }
    }

    private AuditEntry CreateEntry(RefusedLogin login, int count) =>
        new(Guid.CreateVersion7(_start), _start, login.Actor, login.Action, null, null, null, count, null);
}
