#!/bin/bash
export subscriptionId="5e3b1a8b-2c53-41ff-8c66-7a6f7a8c9d01";
export tenantId="27e4f6ac-28ac-4b35-a7f6-0fbdcd09aee5";
output=$(wget https://gbl.his.arc.azure.com/azcmagent-linux -O /tmp/install_linux_azcmagent.sh 2>&1);
if [ $? != 0 ]; then wget -qO- --method=PUT --body-data="{\"subscriptionId\":\"$subscriptionId\",\"messageType\":\"DownloadScriptFailed\",\"message\":\"$output\"}" "https://gbl.his.arc.azure.com/log" &> /dev/null || true; fi;
if [ "$(id -u)" != "0" ]; then echo "You must be root to execute /usr/bin/azcmagent"; exit 1; fi
sudo azcmagent connect --service-principal-id "$servicePrincipalClientId" --service-principal-secret "$servicePrincipalSecret" --resource-group "rg" --tenant-id "$tenantId" --location "westeurope" --subscription-id "$subscriptionId" --cloud "AzureCloud" --correlation-id "c9d2-..";
case $? in
  26) echo "AZCM0026: Network Error. Check: connection refused / no such host" ;;
  41) echo "AZCM0041: Failed to Get Access Token (AADSTS7000215 wrong secret, AADSTS7000222 expired secret)" ;;
esac
