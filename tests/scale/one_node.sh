#!/bin/bash
# one_node.sh DIR [CPUS] - starts a Slurm of one node in DIR, on 127.0.0.1 alone, without anything in /etc.
# one_node.sh --stop DIR - ends it.
# Then: export SLURM_CONF=DIR/slurm.conf
set -eu
if [ "$1" = --stop ]; then
    for name in slurmd slurmctld; do
        [ -s "$2/$name.pid" ] || continue
        pid=$(cat "$2/$name.pid")
        kill "$pid" || continue
        for _ in $(seq 200); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.05
        done
    done
    exit 0
fi
case $1 in *[[:space:]#\\]*)
    echo "one_node.sh: slurm.conf can't hold the name '$1'" >&2
    exit 2
    ;;
esac
dir=$1 cpus=${2:-4} port=$((20000 + $$ % 20000))
mkdir -p "$dir/state" "$dir/spool" "$dir/log"
host=$(hostname -s)
cat >"$dir/slurm.conf" <<END
ClusterName=vol
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SrunPortRange=$((port + 10))-$((port + 60))
AuthType=auth/none
CredType=cred/none
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/log/slurmctld
SlurmdLogFile=$dir/log/slurmd
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,sched_min_interval=0,bf_interval=1,batch_sched_delay=0,defer_batch
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=2
InactiveLimit=0
JobRequeue=1
RequeueExit=75,137
NodeName=$host NodeAddr=127.0.0.1 CPUs=$cpus RealMemory=2000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
export SLURM_CONF=$dir/slurm.conf
slurmctld -c -i -f "$SLURM_CONF"
slurmd -f "$SLURM_CONF"
for _ in $(seq 500); do
    if sinfo -h -o %T 2>/dev/null | grep -q idle; then exit 0; fi
    sleep 0.02
done
echo "one_node.sh: Slurm did not start; see $dir/log" >&2
exit 1
